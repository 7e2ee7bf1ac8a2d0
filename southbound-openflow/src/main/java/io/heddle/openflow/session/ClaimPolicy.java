package io.heddle.openflow.session;

/// Whose a switch is, as this node knows it now.
///
/// Asked on a connection's event loop when a switch connects, and again when the server is told to
/// [reclaim][SwitchServer#reclaim]: must not block.
@FunctionalInterface
public interface ClaimPolicy {

  Claim claimFor(long datapathId);
}
