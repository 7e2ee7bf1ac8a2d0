package io.heddle.vpc.rule;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.model.CtZone;
import io.heddle.core.model.Kind;

/// Marks on the host that a ct zone is in use, which is what makes whoever installs the mark flush
/// the zone first.
///
/// Before: connections of the zone's former owner may still be tracked. After: the VPC starts with
/// an empty zone.
final class ZoneUse implements FlowRule<CtZone> {

  @Override
  public Kind<CtZone> subject() {
    return CtZone.KIND;
  }

  @Override
  public FlowSet home(CtZone zone) {
    return FlowSet.host(zone.id().host());
  }

  @Override
  public void compile(CtZone zone, View view, FlowSink flows) {
    flows.useZone(zone.zone());
  }
}
