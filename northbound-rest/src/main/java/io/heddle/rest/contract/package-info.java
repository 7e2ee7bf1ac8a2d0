/// The contract, `openapi.yaml`, as the server uses it: which operations there are, and whether a
/// request (and, in tests, an answer) is one of them.
///
/// The document is OpenAPI 3.1, whose schemas are JSON Schema 2020-12; a JSON Schema library judges
/// values, and [io.heddle.rest.contract.Complaint] says its verdict in a sentence that names the
/// value and what would be accepted. Start with [io.heddle.rest.contract.Contract]. Immutable; any
/// thread.
@NullMarked
package io.heddle.rest.contract;

import org.jspecify.annotations.NullMarked;
