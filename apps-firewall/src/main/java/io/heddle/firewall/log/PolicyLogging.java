package io.heddle.firewall.log;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.Meter;
import io.heddle.core.model.Direction;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.model.SecurityGroupId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The words in which a switch tells of a packet that a security group wants logged: a `controller`
/// action with the beginning of the packet, whose userdata names the group, the direction of the
/// rules and what became of it.
public final class PolicyLogging {

  /// The first byte of the userdata.
  public static final byte CODE = 0x70;

  /// Of one host, whatever its groups are. Its number is above all of those that ports have.
  public static final Meter METER = new Meter(65_000, 100, 100);

  /// Link, network and transport headers, with room for options.
  private static final int HEADERS = 128;

  private static final int USERDATA_BYTES = 1 + 16 + 1 + 1;

  private static final byte EGRESS = 0;
  private static final byte INGRESS = 1;
  private static final byte DROP = 0;
  private static final byte ACCEPT = 1;

  private PolicyLogging() {}

  /// What became of a packet.
  public enum Verdict {
    DROP,
    ACCEPT
  }

  /// What is said of a packet.
  ///
  /// @param direction of the rules that it was held against
  public record Remark(SecurityGroupId group, Direction direction, Verdict verdict) {

    public Action tell() {
      return new Action.Controller(HEADERS, userdata(), METER.id());
    }

    private List<Byte> userdata() {
      UUID id = group.value();
      byte[] bytes =
          ByteBuffer.allocate(USERDATA_BYTES)
              .put(CODE)
              .putLong(id.getMostSignificantBits())
              .putLong(id.getLeastSignificantBits())
              .put(direction == Direction.INGRESS ? INGRESS : EGRESS)
              .put(verdict == Verdict.ACCEPT ? ACCEPT : DROP)
              .array();
      List<Byte> userdata = new ArrayList<>(bytes.length);
      for (byte each : bytes) {
        userdata.add(each);
      }
      return userdata;
    }

    /// Reads userdata; nothing where it is not ours.
    public static Optional<Remark> read(List<Byte> userdata) {
      if (userdata.size() != USERDATA_BYTES || userdata.getFirst() != CODE) {
        return Optional.empty();
      }
      ByteBuffer bytes = ByteBuffer.allocate(USERDATA_BYTES);
      userdata.forEach(bytes::put);
      bytes.position(1);
      UUID id = new UUID(bytes.getLong(), bytes.getLong());
      byte direction = bytes.get();
      byte verdict = bytes.get();
      if ((direction != INGRESS && direction != EGRESS) || (verdict != ACCEPT && verdict != DROP)) {
        return Optional.empty();
      }
      return Optional.of(
          new Remark(
              new SecurityGroupId(id),
              direction == INGRESS ? Direction.INGRESS : Direction.EGRESS,
              verdict == ACCEPT ? Verdict.ACCEPT : Verdict.DROP));
    }
  }

  /// Whether a group wants to hear of this.
  public static boolean isWanted(SecurityGroup group, Verdict verdict) {
    return switch (verdict) {
      case DROP -> group.logging().drops();
      case ACCEPT -> group.logging().accepts();
    };
  }
}
