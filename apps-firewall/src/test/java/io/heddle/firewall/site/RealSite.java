package io.heddle.firewall.site;

import io.heddle.core.model.HostId;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.Port;
import io.heddle.core.pipeline.Overlay;
import io.heddle.testkit.lab.Lab;
import io.heddle.testkit.lab.LabHost;
import io.heddle.testkit.lab.LabVm;
import io.heddle.testkit.lab.OvsSwitch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A site on real hypervisors: its flows are loaded with `ovs-ofctl`, as one bundle a host.
public final class RealSite implements AutoCloseable {

  private final Site site = new Site();
  private final Lab lab = Lab.open();
  private final List<HostId> ids = new ArrayList<>();
  private final Map<HostId, LabHost> hosts = new HashMap<>();

  public RealSite(int hostCount) {
    for (int number = 1; number <= hostCount; number++) {
      LabHost host = lab.host("hv" + number);
      host.createIntegrationBridge("secure");
      host.vsctl(
          "add-port",
          OvsSwitch.BR_INT,
          "vxlan",
          "--",
          "set",
          "Interface",
          "vxlan",
          "type=vxlan",
          "options:key=flow",
          "options:remote_ip=flow",
          "ofport_request=" + Overlay.TUNNEL_OFPORT);
      HostId id = site.createHost("hv" + number, host.tunnelIp());
      ids.add(id);
      hosts.put(id, host);
    }
    lab.warmUnderlay();
  }

  public Site site() {
    return site;
  }

  public LabHost host(int number) {
    return hosts.get(ids.get(number - 1));
  }

  /// A machine with a port of the site.
  public LabVm machine(String name, int hostNumber, String address, String... groups) {
    Port port = site.putPort(name, address, groups);
    HostId id = ids.get(hostNumber - 1);
    LabHost host = hosts.get(id);
    LabVm machine =
        host.plugVm(name, port.id().value(), Site.mac(Ipv4Address.parse(address)).toString());
    machine.address(address + "/8");
    site.plug(name, id, host.ofport(machine.iface()).orElseThrow());
    return machine;
  }

  /// Brings all hosts to the site's flows, one after the other.
  public void realize() {
    for (HostId id : ids) {
      hosts.get(id).replaceFlows(site.textOf(id));
    }
  }

  @Override
  public void close() {
    lab.close();
  }
}
