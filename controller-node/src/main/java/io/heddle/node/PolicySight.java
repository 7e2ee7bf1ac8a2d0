package io.heddle.node;

import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.store.Store;
import io.heddle.firewall.log.PolicyLogging;
import io.heddle.node.cluster.SharedPolicyWatch;
import io.heddle.node.fabric.Fabric;
import io.heddle.node.fabric.PolicyJournal;
import io.heddle.node.fabric.Punts;
import io.heddle.node.fabric.RuleCounters;
import io.heddle.rest.spi.PolicyWatch.Hits;
import io.heddle.rest.spi.PolicyWatch.Tail;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;

/// What this node's hosts tell of security groups: counters when they are asked, and packets that
/// groups want logged.
record PolicySight(RuleCounters counters, PolicyJournal journal)
    implements SharedPolicyWatch.Local, AutoCloseable {

  /// Listens to what switches hand up from now on.
  static PolicySight of(Fabric fabric, Store store, Punts punts, InstantSource clock) {
    PolicyJournal journal = new PolicyJournal(clock);
    punts.listen(PolicyLogging.CODE, journal::told);
    return new PolicySight(new RuleCounters(fabric, store::image), journal);
  }

  @Override
  public CompletableFuture<Hits> hits(SecurityGroupId group) {
    return counters.of(group);
  }

  @Override
  public Tail log(SecurityGroupId group, int limit) {
    return journal.tail(group, limit);
  }

  @Override
  public void close() {
    journal.close();
  }
}
