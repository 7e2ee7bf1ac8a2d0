package io.heddle.openflow.codec;

import io.heddle.core.flow.Action;
import io.heddle.core.flow.Match;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Match and instructions of a flow as the switch told them, kept as bytes until somebody compares
/// content.
public final class FlowBody {

  private final byte[] bytes;

  private FlowBody(byte[] bytes) {
    this.bytes = bytes;
  }

  static FlowBody copyOf(ByteBuf in) {
    return new FlowBody(ByteBufUtil.getBytes(in));
  }

  public static FlowBody of(Match match, List<Action> actions) {
    ByteBuf out = Unpooled.buffer(128);
    Oxm.writeMatch(out, match);
    ActionEncoder.writeInstructions(out, actions);
    return copyOf(out);
  }

  /// What the switch holds, in our words where we have them.
  public sealed interface Content {

    /// Every field and action is one of ours.
    record Ours(Match match, List<Action> actions) implements Content {}

    /// Something that we never send.
    record Foreign(String why, String hex) implements Content {}
  }

  public Content content() {
    ByteBuf in = Unpooled.wrappedBuffer(bytes);
    try {
      Match match = Oxm.readMatch(in);
      return new Content.Ours(match, ActionDecoder.readInstructions(in));
    } catch (UnreadableException e) {
      return new Content.Foreign(String.valueOf(e.getMessage()), HexFormat.of().formatHex(bytes));
    } catch (IndexOutOfBoundsException e) {
      return new Content.Foreign("it ends too early", HexFormat.of().formatHex(bytes));
    }
  }

  /// The match, if every field of it is one of ours.
  public Optional<Match> match() {
    try {
      return Optional.of(Oxm.readMatch(Unpooled.wrappedBuffer(bytes)));
    } catch (UnreadableException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  void write(ByteBuf out) {
    out.writeBytes(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FlowBody body && Arrays.equals(bytes, body.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return content().toString();
  }
}
