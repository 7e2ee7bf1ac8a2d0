package io.heddle.vpc;

import io.heddle.core.compile.CompiledFlow;
import io.heddle.core.flow.Flow;
import io.heddle.core.flow.FlowText;
import io.heddle.core.model.HostId;
import io.heddle.core.model.Ipv4Address;
import io.heddle.core.model.MacAddress;
import io.heddle.core.model.Port;
import io.heddle.core.model.Subnet;
import io.heddle.core.model.Vpc;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.pipeline.Stage;
import io.heddle.core.trace.Packet;
import io.heddle.testkit.golden.Golden;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Runs `golden/*.golden`: intent, the flows that it means, and packets walked over them.
///
/// ```text
/// host NAME TUNNEL-IP | vpc NAME CIDR... | subnet NAME VPC CIDR | port NAME SUBNET [HOST OFPORT]
/// flows HOST STAGE        what the host holds in that table, highest priority first, with the flow's set
/// ping PORT via gateway IP | ping PORT via PORT IP | arp PORT IP | dhcp PORT
/// ```
class GoldenTest {

  @TestFactory
  Stream<DynamicTest> golden() {
    return Golden.run(Path.of("golden"), () -> (UnaryOperator<String>) new Script()::evaluate);
  }

  private static final class Script {
    private final Cloud cloud = new Cloud();
    private final Map<String, HostId> hosts = new HashMap<>();
    private final Map<String, Vpc> vpcs = new HashMap<>();
    private final Map<String, Subnet> subnets = new HashMap<>();
    private final Map<String, Port> ports = new HashMap<>();

    String evaluate(String input) {
      return input.lines().map(this::line).collect(Collectors.joining("\n"));
    }

    private String line(String line) {
      List<String> words = List.of(line.split(" "));
      String name = words.get(1);
      switch (words.getFirst()) {
        case "host" -> hosts.put(name, cloud.host(name, words.get(2)));
        case "vpc" ->
            vpcs.put(name, cloud.vpc(name, words.subList(2, words.size()).toArray(String[]::new)));
        case "subnet" ->
            subnets.put(name, cloud.subnet(name, vpcs.get(words.get(2)), words.get(3)));
        case "port" -> port(name, words);
        default -> {
          return question(words);
        }
      }
      return "committed @" + cloud.image().revision();
    }

    private void port(String name, List<String> words) {
      Port port = cloud.port(name, subnets.get(words.get(2)));
      ports.put(name, port);
      if (words.size() > 3) {
        cloud.plug(port, hosts.get(words.get(3)), Integer.parseInt(words.get(4)));
      }
    }

    private String question(List<String> words) {
      String name = words.get(1);
      return switch (words.getFirst()) {
        case "flows" -> flows(hosts.get(name), words.get(2));
        case "ping" -> walk(ports.get(name), ping(ports.get(name), words.get(3), words.get(4)));
        case "arp" ->
            walk(
                ports.get(name),
                Packet.arpRequest(ports.get(name).mac(), path(ports.get(name), words.get(2))));
        case "dhcp" -> walk(ports.get(name), Packet.dhcpDiscover(ports.get(name).mac()));
        default -> throw new IllegalArgumentException("unknown: " + words);
      };
    }

    private Packet ping(Port from, String via, String target) {
      MacAddress next = via.equals("gateway") ? Overlay.GATEWAY_MAC : ports.get(via).mac();
      return Packet.ping(new Packet.Link(from.mac(), next), path(from, target), 1);
    }

    private static Packet.Path path(Port from, String target) {
      return new Packet.Path(from.addresses().getFirst(), Ipv4Address.parse(target));
    }

    private String walk(Port from, Packet packet) {
      return Walk.from(cloud, from, packet).toString();
    }

    private String flows(HostId host, String stage) {
      int table = Stage.valueOf(stage.toUpperCase(Locale.ROOT)).table();
      return cloud.flows(host).stream()
          .filter(flow -> flow.flow().table() == table)
          .sorted(
              Comparator.comparing((CompiledFlow flow) -> -flow.flow().priority())
                  .thenComparing(flow -> print(flow.flow())))
          .map(flow ->
              "%s %s"
                  .formatted(
                      flow.set().scope().name().toLowerCase(Locale.ROOT), print(flow.flow())))
          .collect(Collectors.joining("\n"));
    }

    private static String print(Flow flow) {
      return FlowText.flow(flow, Stage::tableName);
    }
  }
}
