package io.heddle.node.fabric;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.heddle.core.compile.CompiledFlow;
import io.heddle.core.compile.FlowChange;
import io.heddle.openflow.codec.Encoded;
import io.heddle.openflow.codec.FlowMod;
import io.heddle.openflow.codec.FlowModEncoder;
import io.heddle.openflow.codec.Xids;
import io.heddle.openflow.session.BundleContent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/// The bytes of flow changes, made once for all switches. A change's bytes live as long as the
/// change.
final class EncodedChanges {

  private final Xids xids;
  private final LongAdder encodings = new LongAdder();
  private final LoadingCache<FlowChange, Encoded> cache =
      Caffeine.newBuilder().weakKeys().build(this::encode);

  EncodedChanges(Xids xids) {
    this.xids = xids;
  }

  BundleContent bundle(List<FlowChange> changes) {
    return new BundleContent(changes.stream().map(cache::get).toList());
  }

  /// How many changes were encoded so far: however many switches there are, once each.
  long encodings() {
    return encodings.sum();
  }

  private Encoded encode(FlowChange change) {
    encodings.increment();
    List<FlowMod> mods = new ArrayList<>(change.size());
    for (CompiledFlow flow : change.adds()) {
      mods.add(new FlowMod.Add(flow.flow(), flow.cookie()));
    }
    for (long cookie : change.deletes()) {
      mods.add(new FlowMod.Delete(cookie));
    }
    return FlowModEncoder.encode(mods, xids);
  }
}
