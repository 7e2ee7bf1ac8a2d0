package io.heddle.node;

import io.heddle.testkit.api.Api;
import io.heddle.testkit.api.Nic;
import io.heddle.testkit.api.Tenant;
import io.heddle.testkit.lab.Await;
import io.heddle.testkit.lab.LabHost;
import io.heddle.testkit.lab.LabVm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/// A VPC of both families on two hypervisors: subnet `front` and subnet `back`.
record DualStack(Site site, UUID vpc, UUID front, UUID back, LabHost hv1, LabHost hv2)
    implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /// A VM with both its addresses.
  record Machine(LabVm vm, Nic nic, String ipv6) {
    List<String> addresses() {
      return List.of(nic.address(), ipv6);
    }
  }

  static DualStack open(Path data) {
    Site site = Site.open(data);
    LabHost hv1 = site.host("hv1");
    LabHost hv2 = site.host("hv2");
    site.lab().warmUnderlay();
    Api api = site.tenant().api();
    UUID vpc =
        created(api, "/v1/vpcs", "{\"cidrs\":[\"10.0.0.0/16\"],\"ipv6Cidrs\":[\"fd00:1::/48\"]}");
    return new DualStack(site, vpc, subnet(api, vpc, 1), subnet(api, vpc, 2), hv1, hv2);
  }

  private static UUID subnet(Api api, UUID vpc, int number) {
    return created(
        api,
        "/v1/subnets",
        "{\"vpcId\":\"%s\",\"cidr\":\"10.0.%d.0/24\",\"ipv6Cidr\":\"fd00:1:0:%d::/64\"}"
            .formatted(vpc, number, number));
  }

  private static UUID created(Api api, String path, String body) {
    return UUID.fromString(api.post(path, body).orFail().text("/id"));
  }

  UUID created(String path, String body) {
    return created(tenant().api(), path, body);
  }

  Tenant tenant() {
    return site.tenant();
  }

  Machine machine(String name, UUID subnet, LabHost host, UUID... groups) {
    Nic nic = tenant().port(subnet, name, groups);
    LabVm vm = site.machine(name, nic, host);
    Api.Answer port = tenant().api().get("/v1/ports/" + nic.id()).orFail();
    String ipv6 = port.text("/privateIps/1/address");
    Await.until(
        PATIENCE,
        name + " makes its address of what its router advertises",
        () -> vm.exec("ip", "-6", "addr", "show", "dev", "eth0", "-tentative").contains(ipv6));
    return new Machine(vm, nic, ipv6);
  }

  /// Puts a port into these groups and no others; returns when the switches have it so.
  void join(Machine machine, UUID group) {
    Api.Answer _ =
        tenant()
            .api()
            .patch(
                "/v1/ports/" + machine.nic().id() + "?wait=realized&timeoutSeconds=20",
                "{\"securityGroupIds\":[\"%s\"]}".formatted(group))
            .orFail();
  }

  /// Gives a subnet a network ACL, or takes it away; returns when the switches have it so.
  ///
  /// @param acl in quotes, or `null`
  void guard(UUID subnet, String acl) {
    Api.Answer _ =
        tenant()
            .api()
            .patch(
                "/v1/subnets/" + subnet + "?wait=realized&timeoutSeconds=20",
                "{\"networkAclId\":%s}".formatted(acl))
            .orFail();
  }

  @Override
  public void close() {
    site.close();
  }
}
