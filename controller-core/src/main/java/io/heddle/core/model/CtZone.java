package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/// The connection-tracking zone that a host keeps for one VPC, so that equal addresses of two VPCs
/// never meet. Allocated with the first binding of the VPC on the host, gone with the last.
///
/// @param zone 1 to 65535, unique on the host
public record CtZone(Id id, int zone) implements Row {

  public static final Index<CtZone, HostId> BY_HOST =
      new Index<>("ct zone by host", zone -> List.of(zone.id().host()));
  public static final Kind<CtZone> KIND =
      new Kind<>("ct-zone", CtZone.class, 1, Id::parse, List.of(BY_HOST));

  @Override
  public Id key() {
    return id;
  }

  public record Id(HostId host, VpcId vpc) implements Key<CtZone> {

    @JsonCreator
    public static Id parse(String text) {
      int at = text.indexOf('@');
      return new Id(new HostId(text.substring(at + 1)), VpcId.parse(text.substring(0, at)));
    }

    @Override
    public Kind<CtZone> kind() {
      return KIND;
    }

    @JsonValue
    @Override
    public String toString() {
      return vpc + "@" + host;
    }
  }
}
