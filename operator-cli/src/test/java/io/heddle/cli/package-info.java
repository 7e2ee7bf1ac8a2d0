/// The command line, in process, against a real API on a real store.
@NullMarked
package io.heddle.cli;

import org.jspecify.annotations.NullMarked;
