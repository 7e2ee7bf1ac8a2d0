package io.heddle.openflow.session;

import io.heddle.openflow.codec.Encoded;
import io.heddle.openflow.codec.FlowMod;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What goes into one bundle: runs of flow-mods that were encoded once and may be on their way to
/// other switches too.
public record BundleContent(List<Encoded> chunks) {

  public BundleContent {
    chunks = List.copyOf(chunks);
  }

  public static BundleContent of(Encoded... chunks) {
    return new BundleContent(List.of(chunks));
  }

  public int flowMods() {
    return chunks.stream().mapToInt(chunk -> chunk.mods().size()).sum();
  }

  public long bytes() {
    return chunks.stream().mapToLong(Encoded::size).sum();
  }

  /// The flow-mod that had this transaction id, if it is one of these.
  public @Nullable FlowMod find(int xid) {
    for (Encoded chunk : chunks) {
      FlowMod mod = chunk.find(xid);
      if (mod != null) {
        return mod;
      }
    }
    return null;
  }
}
