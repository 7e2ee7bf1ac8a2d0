/// Packets that switches hand to the controller, and its answers.
///
/// A flow punts with an [io.heddle.core.punt.PuntHandler]'s code in its userdata; the handler
/// answers from the image alone. Pure: who receives and sends is the southbound's business.
@NullMarked
package io.heddle.core.punt;

import org.jspecify.annotations.NullMarked;
