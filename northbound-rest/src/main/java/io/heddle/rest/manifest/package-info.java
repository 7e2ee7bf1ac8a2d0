/// A project's networks written down whole, and made so in one transaction.
///
/// [io.heddle.rest.manifest.Manifest] is what was written; [io.heddle.rest.manifest.ApplyManifest]
/// is the command, which tries the steps against a draft in whatever order they go through;
/// [io.heddle.rest.manifest.Plan] is what it comes to. No kind of resource is known here by name: a
/// type that clients create is taken as it is, and [io.heddle.rest.manifest.References] says which
/// fields name others.
///
/// Pure: everything is decided by the leader, against one image.
@NullMarked
package io.heddle.rest.manifest;

import org.jspecify.annotations.NullMarked;
