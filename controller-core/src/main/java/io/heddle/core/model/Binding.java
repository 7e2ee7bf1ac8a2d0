package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/// A port is plugged into a host, there, on that OpenFlow port: reported by the host, never asked
/// for.
public record Binding(Id id, VpcId vpc, int ofport) implements Row {

  public static final Index<Binding, PortId> BY_PORT =
      new Index<>("binding by port", binding -> List.of(binding.id().port()));
  public static final Index<Binding, HostId> BY_HOST =
      new Index<>("binding by host", binding -> List.of(binding.id().host()));
  public static final Index<Binding, Place> BY_PLACE =
      new Index<>(
          "binding by OpenFlow port",
          binding -> List.of(new Place(binding.id().host(), binding.ofport())));

  /// The ports of one VPC on one host: as long as there is one, the host keeps a ct zone for the
  /// VPC.
  public static final Index<Binding, CtZone.Id> BY_ZONE =
      new Index<>("binding by ct zone", binding -> List.of(binding.zoneId()));

  public static final Kind<Binding> KIND =
      new Kind<>(
          "binding", Binding.class, 1, Id::parse, List.of(BY_PORT, BY_HOST, BY_PLACE, BY_ZONE));

  /// An OpenFlow port of a host.
  public record Place(HostId host, int ofport) {}

  @Override
  public Id key() {
    return id;
  }

  public CtZone.Id zoneId() {
    return new CtZone.Id(id.host(), vpc);
  }

  /// A port may be bound on two hosts while its VM moves.
  public record Id(PortId port, HostId host) implements Key<Binding> {

    @JsonCreator
    public static Id parse(String text) {
      int at = text.indexOf('@');
      return new Id(PortId.parse(text.substring(0, at)), new HostId(text.substring(at + 1)));
    }

    @Override
    public Kind<Binding> kind() {
      return KIND;
    }

    @JsonValue
    @Override
    public String toString() {
      return port + "@" + host;
    }
  }
}
