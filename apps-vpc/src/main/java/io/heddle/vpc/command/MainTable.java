package io.heddle.vpc.command;

import io.heddle.core.intent.Checks;
import io.heddle.core.model.RouteTable;
import io.heddle.core.model.RouteTableId;
import io.heddle.core.model.Vpc;
import io.heddle.core.store.Draft;
import io.heddle.core.store.Numbers;
import java.util.List;
import java.util.Map;

/// The route table that a VPC has from its beginning and until its end.
final class MainTable {

  private MainTable() {}

  /// Makes it where it is not there: for a new VPC, and for one from before there were route tables
  /// with the next change of it. Until then such a VPC routes to its own addresses, as ever.
  static void ensure(Draft draft, Vpc vpc) {
    RouteTableId id = RouteTableId.mainOf(vpc.id());
    if (draft.find(id).isEmpty()) {
      draft.put(
          new RouteTable(
              id,
              draft.created("main", vpc.meta().project(), Map.of()),
              vpc.id(),
              true,
              List.of(),
              (int) Checks.number(draft, Numbers.Space.ROUTE_TABLE_TAG)));
    }
  }

  static void delete(Draft draft, Vpc vpc) {
    draft.find(RouteTableId.mainOf(vpc.id())).ifPresent(table -> delete(draft, table));
  }

  /// The end of a table, main or not.
  static void delete(Draft draft, RouteTable table) {
    draft.delete(table.id());
    Numbers.giveBack(draft, Numbers.Space.ROUTE_TABLE_TAG, Integer.toUnsignedLong(table.tag()));
  }
}
