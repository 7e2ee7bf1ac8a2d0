package io.heddle.openflow.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.heddle.core.flow.Flow;
import io.heddle.core.flow.Meter;
import io.heddle.openflow.RandomFlows;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Frames cut short, grown and turned over: nothing but a value comes out of the decoder.
final class MutatedFramesTest {

  private static final long SEED = 6653;
  private static final int MUTATIONS = 200_000;

  /// Frames as Open vSwitch 3.1 sends them, and as we do.
  private static List<byte[]> corpus() {
    List<byte[]> frames = new ArrayList<>();
    add(frames, out -> Ordinary.writeHello(out, 1));
    add(frames, out -> Ordinary.writeHelloFailed(out, 2, "no"));
    add(frames, out -> Ordinary.writeEchoRequest(out, 3));
    add(frames, out -> Ordinary.writeBundleCommit(out, 4));
    add(frames, out -> Ordinary.writeMeterAdd(out, 5, new Meter(1, 100, 20)));
    for (Flow flow : new RandomFlows(SEED).distinct(30)) {
      add(frames, out -> FlowModEncoder.writeBundleAdd(out, new FlowMod.Add(flow, 1), 6, 1));
      add(frames, out -> FlowModEncoder.writeFlowMod(out, new FlowMod.Add(flow, 1), 7));
      FlowStat stat =
          new FlowStat(flow.table(), 1, 2, 3, 4, FlowBody.of(flow.match(), flow.actions()));
      add(frames, out -> FlowStat.writeReply(out, 8, false, List.of(stat, stat)));
    }
    for (String reply : RealFrames.ALL) {
      frames.add(HexFormat.of().parseHex(reply));
    }
    return frames;
  }

  private static void add(List<byte[]> frames, Consumer<ByteBuf> writer) {
    ByteBuf out = Unpooled.buffer();
    writer.accept(out);
    frames.add(ByteBufUtil.getBytes(out));
  }

  @Test
  void mutatedFramesNeverThrowPastTheCodec() {
    Random random = new Random(SEED);
    List<byte[]> corpus = corpus();
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] frame = mutate(corpus.get(random.nextInt(corpus.size())), random);
      try {
        readEverywhere(frame);
      } catch (RuntimeException | StackOverflowError e) {
        fail("seed %d, mutation %d: %s".formatted(SEED, i, HexFormat.of().formatHex(frame)), e);
      }
    }
  }

  private static void readEverywhere(byte[] frame) {
    Message message = MessageDecoder.decode(Unpooled.wrappedBuffer(frame));
    if (message instanceof Message.Flows flows) {
      flows.flows().forEach(stat -> assertFalse(stat.toString().isEmpty()));
    }
    try {
      assertInstanceOf(FlowMod.class, FlowModDecoder.readBundleAdd(Unpooled.wrappedBuffer(frame)));
    } catch (UnreadableException e) {
      assertFalse(e.toString().isEmpty());
    }
    try {
      assertInstanceOf(FlowMod.class, FlowModDecoder.read(Unpooled.wrappedBuffer(frame)));
    } catch (UnreadableException e) {
      assertFalse(e.toString().isEmpty());
    }
  }

  private static byte[] mutate(byte[] original, Random random) {
    int length = random.nextInt(4) == 0 ? random.nextInt(original.length + 1) : original.length;
    byte[] frame = Arrays.copyOf(original, length);
    for (int n = random.nextInt(4); n > 0 && length > 0; n--) {
      int at = random.nextInt(length);
      frame[at] =
          switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> (byte) 0xff;
            case 2 -> (byte) (frame[at] ^ 1 << random.nextInt(8));
            default -> (byte) random.nextInt(256);
          };
    }
    if (length >= 4 && random.nextInt(4) != 0) {
      // A right length takes the frame past the first check.
      frame[2] = (byte) (length >>> 8);
      frame[3] = (byte) length;
    }
    return frame;
  }

  @Test
  void everyTruncationIsMalformed() {
    for (byte[] frame : corpus()) {
      for (int length = 0; length < frame.length; length++) {
        ByteBuf cut = Unpooled.wrappedBuffer(frame, 0, length);
        assertInstanceOf(Message.Malformed.class, MessageDecoder.decode(cut));
      }
    }
  }

  @Test
  void framesOfARealSwitchAreRead() {
    for (String frame : RealFrames.ALL) {
      Message message =
          MessageDecoder.decode(Unpooled.wrappedBuffer(HexFormat.of().parseHex(frame)));
      assertFalse(message instanceof Message.Malformed || message instanceof Message.Other, frame);
    }
  }

  @Test
  void errorsHaveOpenFlowsNames() {
    assertEquals("OFPBMC_BAD_PREREQ", ErrorText.text(4, 9));
    assertEquals("OFPRRFC_STALE", ErrorText.text(11, 0));
    assertEquals("OFPBFC_MSG_FAILED", ErrorText.text(17, 13));
    assertEquals("OFPFMFC_TABLE_FULL", ErrorText.text(5, 1));
    assertEquals("error type 99 code 1", ErrorText.text(99, 1));
    assertTrue(ErrorText.text(4, 99).contains("type 4 code 99"));
  }
}
