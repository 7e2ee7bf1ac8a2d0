/// What an operation of the contract does: read the request, submit a command, show the outcome.
/// What a value means, and whether it may be, is decided by the command.
///
/// A [io.heddle.rest.handler.Handler] runs on a virtual thread of its own and may wait; nothing
/// here keeps state between requests. [io.heddle.rest.handler.ResourceHandlers] serves the verbs of
/// every resource type; start there. Reads are served by whichever node is asked
/// ([io.heddle.rest.handler.Freshness]); what changes something is a
/// [io.heddle.rest.handler.Handler.Deciding] and runs where the leader is.
@NullMarked
package io.heddle.rest.handler;

import org.jspecify.annotations.NullMarked;
