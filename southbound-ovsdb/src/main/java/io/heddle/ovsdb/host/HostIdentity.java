package io.heddle.ovsdb.host;

import io.heddle.core.model.HostId;
import io.heddle.core.model.Ipv4Address;
import io.heddle.ovsdb.report.HostProblem;
import io.heddle.ovsdb.rpc.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a host's operator says of it in `Open_vSwitch external_ids`.
///
/// @param encapIp `heddle-encap-ip`, where the host takes tunnel packets
/// @param bridgeMappings `heddle-bridge-mappings`, `physnet1:br-ex,physnet2:br-ex2`
/// @param datapathType `heddle-datapath-type`, for an integration bridge that does not exist yet
/// @param problems what was written there and cannot be used
public record HostIdentity(
    HostId id,
    String hostname,
    Optional<Ipv4Address> encapIp,
    Map<String, String> bridgeMappings,
    Optional<String> datapathType,
    List<HostProblem> problems) {

  static final String SYSTEM_ID = "system-id";
  static final String HOSTNAME = "hostname";
  static final String ENCAP_IP = "heddle-encap-ip";
  static final String BRIDGE_MAPPINGS = "heddle-bridge-mappings";
  static final String DATAPATH_TYPE = "heddle-datapath-type";

  private static final String HOW_TO_SET =
      "run: ovs-vsctl set open . external_ids:heddle-encap-ip=A.B.C.D";

  /// A host, or the reason why the peer cannot be told from others.
  sealed interface Reading {
    record Known(HostIdentity identity) implements Reading {}

    record Nameless(String sentence) implements Reading {}
  }

  static Reading read(Map<String, String> externalIds) {
    String systemId = externalIds.getOrDefault(SYSTEM_ID, "");
    HostId id;
    try {
      id = new HostId(systemId);
    } catch (IllegalArgumentException unusable) {
      return new Reading.Nameless(
          "its system-id %s cannot be used; run: ovs-vsctl set open . external_ids:system-id=NAME"
              .formatted(Quoted.of(systemId)));
    }
    List<HostProblem> problems = new ArrayList<>();
    Optional<Ipv4Address> encapIp = encapIp(externalIds.get(ENCAP_IP), problems);
    Map<String, String> mappings =
        bridgeMappings(externalIds.getOrDefault(BRIDGE_MAPPINGS, ""), problems);
    return new Reading.Known(
        new HostIdentity(
            id,
            externalIds.getOrDefault(HOSTNAME, ""),
            encapIp,
            mappings,
            Optional.ofNullable(externalIds.get(DATAPATH_TYPE)).filter(type -> !type.isBlank()),
            List.copyOf(problems)));
  }

  private static Optional<Ipv4Address> encapIp(
      @org.jspecify.annotations.Nullable String text, List<HostProblem> problems) {
    if (text == null || text.isBlank()) {
      problems.add(
          new HostProblem(
              HostProblem.Kind.ENCAP_IP, "the host has no tunnel address; " + HOW_TO_SET));
      return Optional.empty();
    }
    try {
      Ipv4Address address = Ipv4Address.parse(text.strip());
      // 0.0.0.0/8 and everything from 224.0.0.0 up: nobody can send a packet to one host there.
      int firstOctet = address.bits() >>> 24;
      if (firstOctet != 0 && firstOctet < 224) {
        return Optional.of(address);
      }
    } catch (IllegalArgumentException malformed) {
      // Said below, with the command that mends it.
    }
    problems.add(
        new HostProblem(
            HostProblem.Kind.ENCAP_IP,
            "%s is no unicast IPv4 address for tunnels; %s"
                .formatted(Quoted.of(text), HOW_TO_SET)));
    return Optional.empty();
  }

  private static Map<String, String> bridgeMappings(String text, List<HostProblem> problems) {
    Map<String, String> mappings = new TreeMap<>();
    for (String part : text.split(",", -1)) {
      if (part.isBlank()) {
        continue;
      }
      String[] sides = part.strip().split(":", -1);
      boolean whole = sides.length == 2 && !sides[0].isBlank() && !sides[1].isBlank();
      if (!whole || mappings.containsKey(sides[0])) {
        problems.add(
            new HostProblem(
                HostProblem.Kind.BRIDGE_MAPPINGS,
                "%s in heddle-bridge-mappings is ignored; write physnet1:br-ex,physnet2:br-ex2, each network once"
                    .formatted(Quoted.of(part))));
      } else {
        mappings.put(sides[0], sides[1]);
      }
    }
    return mappings;
  }
}
