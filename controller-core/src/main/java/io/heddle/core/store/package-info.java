/// The intent: commands decided into facts, facts applied to an image.
///
/// [io.heddle.core.store.Command] says what somebody wants; the leader decides it once against an
/// [io.heddle.core.store.Image] and gets [io.heddle.core.store.Fact]s or a
/// [io.heddle.core.store.Problem]. Facts travel through a [io.heddle.core.store.Log] in
/// [io.heddle.core.store.Batch]es, and every node applies them: `image.apply(facts) -> (image',
/// delta)`. Applying puts and deletes, and judges nothing. Start with `Image`, then `Command`, then
/// `Store`, the loop that joins them.
///
/// All of it is pure but `Store`. An image never changes: any thread may read one.
@NullMarked
package io.heddle.core.store;

import org.jspecify.annotations.NullMarked;
