package io.heddle.openflow.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Flow-mods encoded once as messages of a bundle. The bytes are the same for every switch and are
/// never changed or copied; the values beside them say what an error that names one of the
/// transaction ids is about.
public final class Encoded {

  private final int firstXid;
  private final List<FlowMod> mods;
  private final byte[] bytes;

  Encoded(int firstXid, List<FlowMod> mods, byte[] bytes) {
    this.firstXid = firstXid;
    this.mods = List.copyOf(mods);
    this.bytes = bytes;
  }

  /// The id of the first; the others follow without gaps.
  public int firstXid() {
    return firstXid;
  }

  public List<FlowMod> mods() {
    return mods;
  }

  public int size() {
    return bytes.length;
  }

  /// The flow-mod that had this transaction id, if it is one of these.
  public @Nullable FlowMod find(int xid) {
    int index = xid - firstXid;
    return index >= 0 && index < mods.size() ? mods.get(index) : null;
  }

  /// The bytes, shared, with a reader's position of its own.
  public ByteBuf buffer() {
    return Unpooled.wrappedBuffer(bytes).asReadOnly();
  }
}
