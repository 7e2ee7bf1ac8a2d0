/// The API, `/v1`, on Vert.x Web: contract first, validated, bounded.
///
/// [io.heddle.rest.RestServer] is the whole of it for the node. A request goes through
/// [io.heddle.rest.Endpoint]: a place among those in flight, the token, the contract's parameters,
/// the body (bounded in size and time), the contract's schema, and then the operation's handler on
/// a virtual thread. The event loop parses no JSON, reads no rows and never waits.
///
/// Packages, lower ones first: `http` (answers, problems, bounds), `auth`, `contract`, `spi` (what
/// is needed of the node), `resource` (one class for each kind), `events` (what followers are
/// told), `manifest` (many at once), `handler` (the verbs), `relay` (the way to the leader and
/// back).
@NullMarked
package io.heddle.rest;

import org.jspecify.annotations.NullMarked;
