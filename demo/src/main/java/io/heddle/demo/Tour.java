package io.heddle.demo;

import io.heddle.testkit.api.Api;
import io.heddle.testkit.api.Nic;
import io.heddle.testkit.api.Tenant;
import io.heddle.testkit.lab.LabHost;
import io.heddle.testkit.lab.LabVm;
import io.heddle.testkit.lab.Lease;
import io.heddle.testkit.lab.OvsSwitch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The demo's story, told step by step.
final class Tour {
  private final Site site;
  private final Screen screen;
  private final Tenant tenant;
  private final Scorecard card = new Scorecard();
  private final List<LabVm> machines = new ArrayList<>();

  Tour(Site site, Screen screen) throws IOException {
    this.site = site;
    this.screen = screen;
    this.tenant = new Tenant(site.api(screen::exchange));
  }

  Scorecard card() {
    return card;
  }

  void run() throws IOException {
    screen.step("Add two hypervisors: Open vSwitch, its own three external_ids, one command");
    LabHost hv1 = hypervisor("hv1");
    LabHost hv2 = hypervisor("hv2");
    site.lab().warmUnderlay();

    screen.step("Ask for networks: a VPC, subnets, security groups, ports; a rival VPC likewise");
    Cloud cloud = Cloud.create(tenant);

    screen.step("Start machines; each gets its address by DHCP (udhcpc)");
    LabVm web1 = machine("web1", cloud.web1(), hv1);
    LabVm _ = machine("web2", cloud.web2(), hv1);
    LabVm web3 = machine("web3", cloud.web3(), hv2);
    LabVm db1 = machine("db1", cloud.db1(), hv2);
    LabVm rival1 = machine("rival1", cloud.rival1(), hv1);

    Trials trials = new Trials(screen, card);
    screen.step("What shall pass");
    trials.ping(web1, "web2, same subnet, same host", cloud.web2().address(), true);
    trials.ping(web1, "web3, same subnet, across hosts", cloud.web3().address(), true);
    trials.ping(db1, "web3, across subnets, same host", cloud.web3().address(), true);
    trials.ping(db1, "web1, across subnets and hosts", cloud.web1().address(), true);
    trials.ping(web1, "its gateway", "10.0.1.1", true);
    trials.connect(web1, db1, cloud.db1().address(), Cloud.POSTGRES, true);

    screen.step("What policy blocks");
    trials.ping(web1, "db1, which admits tcp/5432 alone", cloud.db1().address(), false);
    trials.connect(web1, db1, cloud.db1().address(), 22, false);
    trials.connect(db1, web1, cloud.web1().address(), 80, false);
    trials.ping(rival1, "web2's address from the rival VPC", cloud.web2().address(), false);
    trials.ping(web1, "an address that nobody has", "10.0.1.99", false);

    screen.step("Take the rule for tcp/5432 away while a connection is open, and give it back");
    trials.cutAndMend(tenant, cloud, web1, db1);

    screen.step("One TCP stream across the hosts (iperf3, 3 s)");
    trials.throughput(web1, web3, cloud.web3().address());

    screen.step("The verdict");
    screen.table(card.checks());
  }

  private LabHost hypervisor(String name) {
    LabHost host = site.lab().host(name);
    screen.say(
        "%s is a namespace with its own Open vSwitch, tunnels end at %s"
            .formatted(name, host.tunnelIp()));
    screen.command("ovs-vsctl set-manager " + site.manager() + "    # on " + name);
    host.setManager(site.manager());
    Api.Answer answer = tenant.awaitConnected(host.systemId());
    screen.say(
        "%s is on board: GET /v1/hosts/%s says connected=%s tunnelIp=%s"
            .formatted(name, host.systemId(), answer.text("/connected"), answer.text("/tunnelIp")));
    return host;
  }

  private LabVm machine(String name, Nic nic, LabHost host) {
    LabVm vm = host.plugVm(name, nic.id(), nic.mac());
    machines.add(vm);
    tenant.awaitRealized(nic);
    Lease lease = vm.dhcp();
    String given = "%s/%d".formatted(lease.address(), lease.prefixLength());
    card.add(
        new Check(
            "DHCP lease of " + name,
            nic.address(),
            lease.address(),
            lease.address().equals(nic.address())));
    screen.say(
        "%-7s on %s: lease %s, router %s, mtu %s, for %s s"
            .formatted(
                name,
                host.name(),
                given,
                lease.router().orElse("none"),
                lease.value("mtu").orElse("none"),
                lease.value("lease").orElse("?")));
    return vm;
  }

  /// For `--keep`: how to look around by hand.
  void showTheWayAround() {
    screen.step("Look around; Ctrl-C ends it and cleans up");
    screen.say("The command line (in another terminal):");
    screen.command("export HEDDLE_SERVER=" + site.server());
    screen.command("export HEDDLE_TOKEN=$(cat " + site.tokenFile() + ")");
    screen.command("./heddle cli port list");
    screen.command("curl -s -H \"Authorization: Bearer $HEDDLE_TOKEN\" $HEDDLE_SERVER/v1/hosts");
    screen.say("Into a machine:");
    for (LabVm vm : machines) {
      screen.command("ip netns exec %s sh    # %s".formatted(vm.netns().name(), vm.name()));
    }
    screen.say("The flows of a hypervisor, and a packet's way through them:");
    for (LabHost host : site.lab().hosts()) {
      String run = host.ovs().directory().toString();
      screen.command(
          "ovs-ofctl -O OpenFlow14 dump-flows unix:%s/%s.mgmt    # %s"
              .formatted(run, OvsSwitch.BR_INT, host.name()));
    }
    String first = site.lab().hosts().getFirst().ovs().directory().toString();
    screen.command(
        "ovs-appctl -t %s/vswitchd.ctl ofproto/trace br-int in_port=v-web1,icmp,nw_dst=10.0.1.1"
            .formatted(first));
  }
}
