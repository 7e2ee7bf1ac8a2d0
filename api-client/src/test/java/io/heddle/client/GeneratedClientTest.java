package io.heddle.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.heddle.client.api.ClusterApi;
import io.heddle.client.api.HostsApi;
import io.heddle.client.api.ManifestApi;
import io.heddle.client.api.PortsApi;
import io.heddle.client.api.ProjectsApi;
import io.heddle.client.api.RevisionsApi;
import io.heddle.client.api.SecurityGroupsApi;
import io.heddle.client.api.SubnetsApi;
import io.heddle.client.api.VpcsApi;
import io.heddle.client.model.Binding;
import io.heddle.client.model.Cluster;
import io.heddle.client.model.CreatePortRequest;
import io.heddle.client.model.CreateProjectRequest;
import io.heddle.client.model.CreateSubnetRequest;
import io.heddle.client.model.CreateVpcRequest;
import io.heddle.client.model.Manifest;
import io.heddle.client.model.ManifestEntry;
import io.heddle.client.model.Plan;
import io.heddle.client.model.PlannedChange;
import io.heddle.client.model.Port;
import io.heddle.client.model.PortCreation;
import io.heddle.client.model.PortCreations;
import io.heddle.client.model.PortItems;
import io.heddle.client.model.PortPatch;
import io.heddle.client.model.Ports;
import io.heddle.client.model.Problem;
import io.heddle.client.model.ProjectCreation;
import io.heddle.client.model.Protocol;
import io.heddle.client.model.Quotas;
import io.heddle.client.model.SecurityRule;
import io.heddle.client.model.SecurityRuleCreation;
import io.heddle.client.model.Subnet;
import io.heddle.client.model.SubnetCreation;
import io.heddle.client.model.SubnetPatch;
import io.heddle.client.model.Vpc;
import io.heddle.client.model.VpcCreation;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.MacAddress;
import io.heddle.node.Node;
import io.heddle.node.NodeOptions;
import io.heddle.rest.RestOptions;
import io.heddle.testkit.lab.Await;
import io.heddle.testkit.switches.SimulatedHost;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// A day of an orchestrator whose client was made from the contract by a generator that knows
/// nothing else of us, against a whole node and a switch.
final class GeneratedClientTest {

  private static final Duration WITHIN = Duration.ofSeconds(60);
  private static final String PROJECT = "blue";

  @TempDir Path data;
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ApiClient client = new ApiClient();
  private Node node;
  private SimulatedHost host;

  @BeforeEach
  void start() throws Exception {
    InetSocketAddress anywhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    node =
        Node.start(
            new NodeOptions(
                "n1", data, RestOptions.loopback(0), anywhere, List.of(), anywhere, false),
            fault -> {
              throw new AssertionError("the node stopped", fault);
            });
    String token = Files.readString(data.resolve("admin-token")).strip();
    client.updateBaseUri("http://127.0.0.1:" + node.restPort());
    client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
    // One or many: which of the two an answer is shows only to who minds unknown fields.
    client.setObjectMapper(
        ApiClient.createDefaultObjectMapper()
            .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, true));
  }

  @AfterEach
  void stop() {
    if (host != null) {
      host.close();
    }
    node.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void aDayOfAnOrchestrator() throws Exception {
    aProjectIsLetIn();
    Subnet subnet = aNetwork();
    List<Port> ports = portsInBulk(subnet);
    repeatingIsSafe(subnet);
    pagesHoldEachOnce(ports);
    aMachineIsPluggedIn(ports.getFirst());
    changesAreGuarded(ports.getFirst());
    aRuleComesAndGoes();
    nullTakesAway(subnet);
    aManifestChangesManyThings();
    whatWasDoneCanBeRead();
    everythingGoes(ports, subnet);
  }

  private void aProjectIsLetIn() throws ApiException {
    new ProjectsApi(client)
        .createProject(
            ProjectsApi.APICreateProjectRequest.newBuilder()
                .createProjectRequest(
                    new CreateProjectRequest(
                        new ProjectCreation().id(PROJECT).quotas(new Quotas().ports(50))))
                .build());
    assertEquals(
        50,
        new ProjectsApi(client)
            .readProject(ProjectsApi.APIReadProjectRequest.newBuilder().id(PROJECT).build())
            .getQuotas()
            .getPorts());
  }

  private Subnet aNetwork() throws ApiException {
    Vpc vpc =
        (Vpc)
            new VpcsApi(client)
                .createVpc(
                    VpcsApi.APICreateVpcRequest.newBuilder()
                        .project(PROJECT)
                        .createVpcRequest(
                            new CreateVpcRequest(
                                new VpcCreation()
                                    .name("shop")
                                    .cidrs(List.of("10.0.0.0/16"))
                                    .putLabelsItem("tier", "prod")))
                        .build())
                .getActualInstance();
    assertEquals("prod", vpc.getLabels().get("tier"));
    SubnetCreation wanted =
        new SubnetCreation().name("web").vpcId(vpc.getId()).cidr("10.0.1.0/24").zone("east");
    Subnet subnet =
        (Subnet)
            new SubnetsApi(client)
                .createSubnet(
                    SubnetsApi.APICreateSubnetRequest.newBuilder()
                        .project(PROJECT)
                        .createSubnetRequest(new CreateSubnetRequest(wanted))
                        .build())
                .getActualInstance();
    assertEquals("10.0.1.1", subnet.getGatewayIp());
    return subnet;
  }

  private List<Port> portsInBulk(Subnet subnet) throws ApiException {
    PortCreations many = new PortCreations();
    for (int i = 1; i <= 5; i++) {
      many.addItemsItem(new PortCreation().name("vm" + i).subnetId(subnet.getId()));
    }
    PortItems made =
        (PortItems)
            new PortsApi(client)
                .createPort(
                    PortsApi.APICreatePortRequest.newBuilder()
                        .project(PROJECT)
                        .createPortRequest(new CreatePortRequest(many))
                        .build())
                .getActualInstance();
    assertEquals(5, made.getItems().size());
    assertEquals(1, made.getItems().stream().map(Port::getRevision).distinct().count());
    return made.getItems();
  }

  private Port idempotently(Subnet subnet, String name) throws ApiException {
    return (Port)
        new PortsApi(client)
            .createPort(
                PortsApi.APICreatePortRequest.newBuilder()
                    .project(PROJECT)
                    .idempotencyKey("one and only".replace(' ', '-'))
                    .createPortRequest(
                        new CreatePortRequest(
                            new PortCreation().name(name).subnetId(subnet.getId())))
                    .build())
            .getActualInstance();
  }

  private void repeatingIsSafe(Subnet subnet) throws Exception {
    Port once = idempotently(subnet, "once");
    assertEquals(once.getId(), idempotently(subnet, "once").getId());
    Problem other = problem(409, () -> idempotently(subnet, "twice"));
    assertEquals("Idempotency-Key", other.getField());
    delete(once);
  }

  private Problem problem(int status, Executable attempt) throws Exception {
    ApiException refused = assertThrows(ApiException.class, attempt);
    assertEquals(status, refused.getCode(), refused::getResponseBody);
    ObjectMapper mapper = client.getObjectMapper();
    return mapper.readValue(refused.getResponseBody(), Problem.class);
  }

  private void pagesHoldEachOnce(List<Port> ports) throws ApiException {
    Set<String> seen = new TreeSet<>();
    String token = null;
    do {
      Ports page =
          new PortsApi(client)
              .listPorts(
                  PortsApi.APIListPortsRequest.newBuilder()
                      .project(PROJECT)
                      .limit(2)
                      .pageToken(token)
                      .build());
      page.getItems().forEach(port -> assertTrue(seen.add(port.getId())));
      token = page.getNextPageToken();
    } while (token != null);
    assertEquals(new TreeSet<>(ports.stream().map(Port::getId).toList()), seen);
  }

  private Port read(Port port) throws ApiException {
    return new PortsApi(client)
        .readPort(PortsApi.APIReadPortRequest.newBuilder().id(port.getId()).build());
  }

  private void aMachineIsPluggedIn(Port port) throws Exception {
    host =
        SimulatedHost.connect(
            new HostId("hv1"), Ipv4Address.parse("192.0.2.1"), node.ovsdbAddress(), loops);
    host.openflow().get(WITHIN.toSeconds(), TimeUnit.SECONDS);
    host.plug(port.getId(), MacAddress.parse(port.getMacAddress()));
    Await.until(
        WITHIN,
        "the port is in the switch",
        () -> read(port).getBinding().getState() == Binding.StateEnum.REALIZED);
    assertEquals("hv1", read(port).getBinding().getHostId());
    assertTrue(
        new HostsApi(client)
            .readHost(HostsApi.APIReadHostRequest.newBuilder().id("hv1").build())
            .getConnected());
  }

  private ApiResponse<Port> rename(Port port, String name, String ifMatch) throws ApiException {
    return new PortsApi(client)
        .updatePortWithHttpInfo(
            PortsApi.APIUpdatePortRequest.newBuilder()
                .id(port.getId())
                .portPatch(new PortPatch().name(name))
                .ifMatch(ifMatch)
                .waitFor("realized")
                .timeoutSeconds(30)
                .build());
  }

  private void changesAreGuarded(Port port) throws Exception {
    String before = "\"%d\"".formatted(read(port).getRevision());
    ApiResponse<Port> renamed = rename(port, "web-1", before);
    assertEquals("web-1", renamed.getData().getName());
    assertEquals("vm1", port.getName());
    Problem late = problem(412, () -> rename(port, "web-2", before));
    assertFalse(late.getDetail().isEmpty());
    Problem nonsense =
        problem(
            400,
            () ->
                new PortsApi(client)
                    .updatePort(
                        PortsApi.APIUpdatePortRequest.newBuilder()
                            .id(port.getId())
                            .portPatch(new PortPatch().securityGroupIds(List.of("none")))
                            .build()));
    assertEquals("securityGroupIds[0]", nonsense.getField());
  }

  private String defaultGroup() throws ApiException {
    return new VpcsApi(client)
        .listVpcs(VpcsApi.APIListVpcsRequest.newBuilder().project(PROJECT).build())
        .getItems()
        .getFirst()
        .getDefaultSecurityGroupId();
  }

  private void aRuleComesAndGoes() throws ApiException {
    SecurityGroupsApi groups = new SecurityGroupsApi(client);
    SecurityRule rule =
        groups.createSecurityRule(
            SecurityGroupsApi.APICreateSecurityRuleRequest.newBuilder()
                .id(defaultGroup())
                .securityRuleCreation(
                    new SecurityRuleCreation()
                        .direction(SecurityRuleCreation.DirectionEnum.INGRESS)
                        .protocol(new Protocol("tcp"))
                        .portFrom(443)
                        .portTo(443))
                .waitFor("realized")
                .timeoutSeconds(30)
                .build());
    assertEquals("tcp", rule.getProtocol());
    groups.deleteSecurityRule(
        SecurityGroupsApi.APIDeleteSecurityRuleRequest.newBuilder()
            .id(defaultGroup())
            .ruleId(rule.getId())
            .build());
  }

  /// A merge patch tells null from nothing.
  private void nullTakesAway(Subnet subnet) throws ApiException {
    SubnetPatch patch = new SubnetPatch().zone(null);
    Subnet changed =
        new SubnetsApi(client)
            .updateSubnet(
                SubnetsApi.APIUpdateSubnetRequest.newBuilder()
                    .id(subnet.getId())
                    .subnetPatch(patch)
                    .build());
    assertEquals("", changed.getZone());
    assertEquals("web", changed.getName());
    assertNull(changed.getIpv6Cidr());
  }

  private Plan apply(boolean dryRun) throws ApiException {
    Manifest manifest = new Manifest();
    manifest.addPrefixListsItem(
        entry("offices").putAdditionalProperty("entries", List.of(cidr("198.51.100.0/24"))));
    manifest.addSubnetsItem(
        entry("web")
            .putAdditionalProperty("vpcId", "shop")
            .putAdditionalProperty("cidr", "10.0.1.0/24"));
    manifest.addSubnetsItem(
        entry("db")
            .putAdditionalProperty("vpcId", "shop")
            .putAdditionalProperty("cidr", "10.0.2.0/24"));
    return new ManifestApi(client)
        .applyManifest(
            ManifestApi.APIApplyManifestRequest.newBuilder()
                .project(PROJECT)
                .manifest(manifest)
                .dryRun(dryRun)
                .build());
  }

  private static ManifestEntry entry(String name) {
    return new ManifestEntry().name(name);
  }

  private static Object cidr(String cidr) {
    return Map.of("cidr", cidr);
  }

  private void aManifestChangesManyThings() throws ApiException {
    Plan plan = apply(true);
    Plan done = apply(false);
    List<PlannedChange.ActionEnum> actions = new ArrayList<>();
    done.getChanges().forEach(change -> actions.add(change.getAction()));
    assertEquals(
        List.of(PlannedChange.ActionEnum.CREATE, PlannedChange.ActionEnum.CREATE), actions);
    assertEquals(plan.getChanges().size(), done.getChanges().size());
    assertEquals(0, apply(false).getChanges().size());
  }

  private void whatWasDoneCanBeRead() throws ApiException {
    String newest =
        new RevisionsApi(client)
            .listRevisions(RevisionsApi.APIListRevisionsRequest.newBuilder().limit(1).build())
            .getItems()
            .getFirst()
            .getCommands()
            .getFirst()
            .getSummary();
    assertEquals("apply a manifest", newest);
    Cluster cluster =
        new ClusterApi(client).readCluster(ClusterApi.APIReadClusterRequest.newBuilder().build());
    assertEquals("n1", cluster.getLeader());
    assertTrue(cluster.getEpoch() > 1L << 32, "an epoch is wider than 32 bits");
  }

  private void delete(Port port) throws ApiException {
    new PortsApi(client)
        .deletePort(PortsApi.APIDeletePortRequest.newBuilder().id(port.getId()).build());
  }

  private void everythingGoes(List<Port> ports, Subnet subnet) throws Exception {
    Problem used =
        problem(
            409,
            () ->
                new SubnetsApi(client)
                    .deleteSubnet(
                        SubnetsApi.APIDeleteSubnetRequest.newBuilder().id(subnet.getId()).build()));
    assertTrue(used.getConflicts().contains("port " + ports.getFirst().getId()));
    for (Port port : ports) {
      delete(port);
    }
    problem(404, () -> read(ports.getFirst()));
  }
}
