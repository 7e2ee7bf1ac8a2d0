package io.heddle.ovsdb.report;

/// Why a host is degraded: what is wrong on it, and what its operator can do about it, in one
/// sentence.
public record HostProblem(Kind kind, String sentence) {

  /// What is wrong; metrics and tests tell problems apart by it.
  public enum Kind {
    /// `heddle-encap-ip` is missing or malformed: other hosts could not reach this one.
    ENCAP_IP(true),
    /// A part of `heddle-bridge-mappings` is malformed; the rest of it is used.
    BRIDGE_MAPPINGS(false),
    /// `heddle-datapath-type` names a datapath that this Open vSwitch lacks.
    DATAPATH_TYPE(true),
    /// The integration bridge has no datapath id yet: `ovs-vswitchd` is starting, or does not run.
    BRIDGE_PENDING(true),
    /// The VXLAN port has no OpenFlow number yet: `ovs-vswitchd` is starting, or does not run.
    VXLAN_PENDING(true),
    /// Another bridge has a port of the VXLAN port's name.
    VXLAN_NAME_TAKEN(true),
    /// The VXLAN port has another OpenFlow number than the one that flows name.
    VXLAN_OFPORT(true),
    /// Open vSwitch could not make the VXLAN port.
    VXLAN_ERROR(true),
    /// The host's database refused our settings.
    SETTINGS_REFUSED(true);

    private final boolean blocking;

    Kind(boolean blocking) {
      this.blocking = blocking;
    }

    /// True for what ends by itself as soon as `ovs-vswitchd` has followed its database.
    public boolean passing() {
      return this == BRIDGE_PENDING || this == VXLAN_PENDING;
    }

    /// True when flows on the host would do harm or nothing at all: it must not be programmed.
    public boolean blocking() {
      return blocking;
    }
  }
}
