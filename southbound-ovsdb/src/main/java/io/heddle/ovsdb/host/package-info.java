/// Hosts over OVSDB: what a host is told to be, and what it reports.
///
/// The pure part: [HostTables] (a host's tables, typed), [HostIdentity] (who it says it is),
/// [Onboarding] (tables and settings to the operations that are missing, if any) and [Reports]
/// (tables to a report). The shell: [OvsdbHosts] admits sessions, one for each system-id, and
/// [HostSession] keeps a replica of its host's tables on its event loop, sends what the plan says,
/// and tells [io.heddle.ovsdb.report.HostEvents].
///
/// Invariants: nothing is written to a host that the [HostClaimPolicy] does not give this node, nor
/// under an epoch older than the host has seen; what is not ours on the host (other bridges, other
/// ports, foreign keys) is never written; a host in step gets no transaction.
///
/// Start with [Onboarding].
@NullMarked
package io.heddle.ovsdb.host;

import org.jspecify.annotations.NullMarked;
