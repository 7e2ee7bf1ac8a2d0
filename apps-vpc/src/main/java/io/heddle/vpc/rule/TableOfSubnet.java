package io.heddle.vpc.rule;

import io.heddle.core.compile.FlowRule;
import io.heddle.core.compile.FlowSet;
import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.flow.Actions;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Kind;
import io.heddle.core.model.RouteTable;
import io.heddle.core.model.SubnetRouting;
import io.heddle.core.model.Vpc;
import io.heddle.core.pipeline.Overlay;
import io.heddle.core.pipeline.Priority;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;

/// Has a subnet's packets routed by the table that it chose.
///
/// Before: a packet of the subnet to the gateway's MAC, which the VPC's main table would be for.
/// After: the other table's routes are for it. One flow, however many ports the subnet has.
final class TableOfSubnet implements FlowRule<SubnetRouting> {

  @Override
  public Kind<SubnetRouting> subject() {
    return SubnetRouting.KIND;
  }

  @Override
  public FlowSet home(SubnetRouting routing) {
    return FlowSet.vpc(routing.vpc());
  }

  @Override
  public void compile(SubnetRouting routing, View view, FlowSink flows) {
    Vpc vpc = view.require(routing.vpc());
    add(
        Tags.in(vpc, view.require(routing.id().subnet())),
        Priority.SPECIFIC,
        view.require(routing.table()),
        flows);
  }

  private static void add(Match from, int priority, RouteTable table, FlowSink flows) {
    flows.add(
        Stage.ROUTE,
        priority,
        from.and(Match.mac(Header.ETH_DST, Overlay.GATEWAY_MAC)),
        Actions.set(Registers.GROUP, Integer.toUnsignedLong(table.tag())),
        Stage.ROUTE_ENTRIES.goTo());
  }

  /// The main table is for the subnets that have no other.
  static final class OfVpc implements FlowRule<RouteTable> {

    @Override
    public String name() {
      return "TableOfVpc";
    }

    @Override
    public Kind<RouteTable> subject() {
      return RouteTable.KIND;
    }

    @Override
    public FlowSet home(RouteTable table) {
      return FlowSet.vpc(table.vpc());
    }

    @Override
    public void compile(RouteTable table, View view, FlowSink flows) {
      if (table.main()) {
        add(Tags.in(view.require(table.vpc())), Priority.NORMAL, table, flows);
      }
    }
  }
}
