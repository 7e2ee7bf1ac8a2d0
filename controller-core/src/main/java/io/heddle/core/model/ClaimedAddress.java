package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/// A virtual address is at this port now: of the ports that may have it by an allowed address pair,
/// the last one that announced it.
public record ClaimedAddress(Id id, PortId port) implements Row {

  public static final Index<ClaimedAddress, PortId> BY_PORT =
      new Index<>("claimed address by port", claimed -> List.of(claimed.port()));
  public static final Kind<ClaimedAddress> KIND =
      new Kind<>("claimed-address", ClaimedAddress.class, 1, Id::parse, List.of(BY_PORT));

  @Override
  public Id key() {
    return id;
  }

  public record Id(VpcId vpc, IpAddress address) implements Key<ClaimedAddress> {

    @JsonCreator
    public static Id parse(String text) {
      int at = text.indexOf('@');
      return new Id(VpcId.parse(text.substring(at + 1)), IpAddress.parse(text.substring(0, at)));
    }

    @Override
    public Kind<ClaimedAddress> kind() {
      return KIND;
    }

    @JsonValue
    @Override
    public String toString() {
      return address + "@" + vpc;
    }
  }
}
