/// What every command refuses, and in which words; and what it does where nothing stands in its
/// way.
@NullMarked
package io.heddle.vpc.command;

import org.jspecify.annotations.NullMarked;
