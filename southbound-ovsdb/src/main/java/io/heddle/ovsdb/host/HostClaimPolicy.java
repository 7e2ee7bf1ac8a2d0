package io.heddle.ovsdb.host;

import io.heddle.core.model.HostId;

/// Whose a host is, as this node knows it now.
///
/// Asked before anything is written, on the host's event loop: must not block. When the answer has
/// changed, say so ([OvsdbHosts#reclaim]).
@FunctionalInterface
public interface HostClaimPolicy {

  HostClaim claimFor(HostId host);
}
