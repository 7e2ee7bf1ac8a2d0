/// What the API needs of the node that it runs in.
///
/// [io.heddle.rest.spi.Controller] is the whole of it: commands go in, the image and what the
/// switches have of it come out. The node implements it over its store and its switch sessions.
@NullMarked
package io.heddle.rest.spi;

import org.jspecify.annotations.NullMarked;
