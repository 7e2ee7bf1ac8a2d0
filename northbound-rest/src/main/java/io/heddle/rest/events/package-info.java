/// What changed, told in order and without a gap, from any node: `/v1/events`.
///
/// Nothing is kept for a follower but its [io.heddle.rest.events.Position]: an
/// [io.heddle.rest.events.EventFeed] reads the history from there on as fast as its client reads,
/// and waits for the next revision when it has caught up. [io.heddle.rest.events.EventLog] turns
/// revisions into events, once for all followers. Each follower is told of what it may see
/// ([io.heddle.rest.events.Audience]).
///
/// Feeds belong to one thread each; the log and the places may be used by any.
@NullMarked
package io.heddle.rest.events;

import org.jspecify.annotations.NullMarked;
