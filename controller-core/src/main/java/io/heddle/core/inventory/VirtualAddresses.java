package io.heddle.core.inventory;

import io.heddle.core.model.Binding;
import io.heddle.core.model.ClaimedAddress;
import io.heddle.core.model.IpAddress;
import io.heddle.core.model.Ipv6Prefix;
import io.heddle.core.model.Port;
import io.heddle.core.model.PortId;
import io.heddle.core.model.Subnet;
import io.heddle.core.store.Draft;

/// Which ports may have a virtual address, and what ends their having it.
public final class VirtualAddresses {

  private VirtualAddresses() {}

  /// Whether the port names the address, alone and for its own MAC, among its allowed address
  /// pairs, and the address is one of its subnet.
  static boolean allows(Draft draft, Port port, IpAddress address) {
    Subnet subnet = draft.require(port.subnet());
    Ipv6Prefix ipv6 = subnet.ipv6Cidr();
    boolean near = subnet.cidr().contains(address) || (ipv6 != null && ipv6.contains(address));
    boolean gateway =
        address.equals(subnet.gateway())
            || subnet.ipv6Gateway().filter(address::equals).isPresent();
    return near && !gateway && port.virtualAddresses().contains(address);
  }

  /// Whether nobody uses the address as its own. A port that is plugged in nowhere only keeps it
  /// from being given to others.
  static boolean isFree(Draft draft, Port port, IpAddress address) {
    return draft
        .findBy(Port.KIND, Port.BY_ADDRESS, new Port.VpcAddress(port.vpc(), address))
        .stream()
        .noneMatch(holder -> draft.anyBy(Binding.KIND, Binding.BY_PORT, holder.id()));
  }

  /// A port that is plugged in uses its own addresses; who claimed one has it no more.
  static void giveWay(Draft draft, Port port) {
    port.addresses().forEach(address -> end(draft, port, address));
    port.ipv6Addresses().forEach(address -> end(draft, port, address));
  }

  private static void end(Draft draft, Port port, IpAddress address) {
    ClaimedAddress.Id id = new ClaimedAddress.Id(port.vpc(), address);
    if (draft.find(id).isPresent()) {
      draft.delete(id);
    }
  }

  /// Ends the claims that a changed port may not have any more.
  public static void revise(Draft draft, Port port) {
    for (ClaimedAddress claimed :
        draft.findBy(ClaimedAddress.KIND, ClaimedAddress.BY_PORT, port.id())) {
      if (!allows(draft, port, claimed.id().address())) {
        draft.delete(claimed.id());
      }
    }
    if (draft.anyBy(Binding.KIND, Binding.BY_PORT, port.id())) {
      giveWay(draft, port);
    }
  }

  /// Ends all claims of a port that is being deleted.
  public static void endAll(Draft draft, PortId port) {
    for (ClaimedAddress claimed : draft.findBy(ClaimedAddress.KIND, ClaimedAddress.BY_PORT, port)) {
      draft.delete(claimed.id());
    }
  }
}
