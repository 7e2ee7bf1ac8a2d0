/// Who changed what, or tried to: an entry for every write, whatever became of it.
///
/// [io.heddle.rest.audit.AuditTrail] takes entries from the event loop and never blocks;
/// [io.heddle.rest.audit.AuditFile] writes them, on a thread of its own, to files that are bounded.
/// Neither tokens nor bodies are in them.
@NullMarked
package io.heddle.rest.audit;

import org.jspecify.annotations.NullMarked;
