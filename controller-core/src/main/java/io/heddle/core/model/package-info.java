/// What Heddle knows: the values of the field (addresses, prefixes, numbers) and the rows of the
/// intent.
///
/// Everything here is an immutable record that refuses nonsense in its constructor, and nothing
/// here depends on any other package of ours. A [io.heddle.core.model.Row] is a fact that is stored
/// and replicated; its [io.heddle.core.model.Key] is its typed id; [io.heddle.core.model.Kind] says
/// how rows of one class are named and indexed. [io.heddle.core.model.Kinds] lists them all: begin
/// there.
///
/// Numbers that travel in packets or registers (tags, identities, VNIs, ct zones) are allocated
/// with the command that needs them and stored in the row: compiling never allocates.
@NullMarked
package io.heddle.core.model;

import org.jspecify.annotations.NullMarked;
