package io.heddle.rest.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.heddle.core.model.Direction;
import io.heddle.firewall.log.LoggedPacket;
import io.heddle.rest.http.Json;
import io.heddle.rest.spi.PolicyWatch.Logged;
import java.util.Locale;

/// Entries of a security group's log.
public final class PolicyLogEntries {

  private static final int ICMP = 1;
  private static final int ICMPV6 = 58;

  private PolicyLogEntries() {}

  public static ObjectNode json(Logged entry) {
    LoggedPacket packet = entry.packet();
    ObjectNode json =
        Json.object()
            .put("first", entry.first().toString())
            .put("last", entry.last().toString())
            .put("packets", entry.packets())
            .put("hostId", entry.host().value())
            .put("direction", entry.direction() == Direction.INGRESS ? "ingress" : "egress")
            .put("verdict", entry.verdict().name().toLowerCase(Locale.ROOT))
            .put("protocol", Services.name(packet.protocol()))
            .put("sourceIp", packet.source().toString())
            .put("targetIp", packet.target().toString());
    boolean icmp = packet.protocol() == ICMP || packet.protocol() == ICMPV6;
    if (packet.sourcePort() >= 0) {
      json.put(icmp ? "icmpType" : "sourcePort", packet.sourcePort());
    }
    if (packet.targetPort() >= 0) {
      json.put(icmp ? "icmpCode" : "targetPort", packet.targetPort());
    }
    return json;
  }
}
