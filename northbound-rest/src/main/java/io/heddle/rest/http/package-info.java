/// What every answer and every refusal is made of: JSON, [io.heddle.rest.http.Reply],
/// [io.heddle.rest.http.HttpProblem] (RFC 9457), and the bounds that keep one client from taking
/// all of the node: body size and pace, connections that ask nothing, requests in flight.
///
/// The readers and counters here belong to Vert.x's event loop; values may go anywhere.
@NullMarked
package io.heddle.rest.http;

import org.jspecify.annotations.NullMarked;
