package io.heddle.firewall.rule;

import io.heddle.core.compile.FlowSink;
import io.heddle.core.compile.View;
import io.heddle.core.flow.Action;
import io.heddle.core.flow.Actions;
import io.heddle.core.flow.Field;
import io.heddle.core.flow.Header;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Direction;
import io.heddle.core.model.Identity;
import io.heddle.core.model.Remote;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.model.SecurityGroupId;
import io.heddle.core.model.SecurityRule;
import io.heddle.core.model.Service;
import io.heddle.core.pipeline.Registers;
import io.heddle.firewall.policy.Permission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// The rules of one group and one direction as flows of one table.
///
/// A rule with a CIDR, or with anywhere, is one flow for each of its services' matches. All rules
/// that name one remote group are one conjunction: one flow for each identity that the remote group
/// is in, one for each service, and one for both; so their number grows with the sum and not with
/// the product, and another identity, or another rule, adds its own flow and moves no other.
///
/// However rules overlap, what is allowed is their union: every flow that decides does the same
/// (`ALLOWED := 1`), so it is nothing to us which of several the switch takes. A clause that serves
/// several conjunctions is one flow that names them all, since a switch finds only one of two flows
/// with equal matches; and clauses stand below every flow that decides by itself.
///
/// The broader a flow, the higher it stands: the switch looks at ports, and lets them into its
/// megaflows, only for packets that nothing broader admits. Two flows of one priority never
/// overlap.
final class GroupFlows {

  private static final Action ALLOW = Actions.set(Registers.ALLOWED, 1);

  private final SecurityGroup group;
  private final Reading reading;
  private final Map<Match, Integer> deciding = new LinkedHashMap<>();
  private final SortedMap<SecurityGroupId, Set<Match>> servicesOfGroups = new TreeMap<>();
  private final Set<SecurityGroupId> everythingOfGroups = new LinkedHashSet<>();

  private GroupFlows(SecurityGroup group, Direction direction, Reading reading) {
    this.group = group;
    this.reading = reading;
    for (SecurityRule rule : group.rules(direction)) {
      collect(Permission.of(rule));
    }
  }

  static void compile(SecurityGroup group, Direction direction, View view, FlowSink flows) {
    List<Reading> readings =
        switch (direction) {
          case INGRESS -> List.of(Reading.INGRESS, Reading.INGRESS_REPLIES);
          case EGRESS -> List.of(Reading.EGRESS, Reading.EGRESS_REPLIES);
        };
    for (Reading reading : readings) {
      new GroupFlows(group, direction, reading).addTo(flows, view);
    }
  }

  private void collect(Permission permission) {
    Match base = reading.ofGroup(group.tag());
    List<Match> services = reading.services(permission.service());
    switch (permission.remote()) {
      case Remote.Anywhere() ->
          services.forEach(service -> deciding.put(base.and(service), Ranks.deciding(service, 0)));
      case Remote.Cidr(var prefix) ->
          services.forEach(service ->
              deciding.put(
                  base.and(reading.remote(prefix)).and(service),
                  Ranks.deciding(service, prefix.length())));
      case Remote.Group(var remote) -> {
        if (permission.service() instanceof Service.Any) {
          everythingOfGroups.add(remote);
        } else {
          servicesOfGroups.computeIfAbsent(remote, k -> new LinkedHashSet<>()).addAll(services);
        }
      }
    }
  }

  private void addTo(FlowSink flows, View view) {
    for (SecurityGroupId remote : everythingOfGroups) {
      for (Match identity : identityClauses(remote, view)) {
        deciding.put(identity, Ranks.deciding(Match.IPV4, 0));
      }
    }
    servicesOfGroups.keySet().removeAll(everythingOfGroups);
    deciding.forEach((match, rank) -> flows.add(reading.stage(), rank, match, ALLOW));
    addConjunctions(flows, view);
  }

  private void addConjunctions(FlowSink flows, View view) {
    Match base = reading.ofGroup(group.tag());
    Map<SecurityGroupId, Integer> ids = ConjunctionIds.of(group.tag(), servicesOfGroups.keySet());
    Map<Match, List<Action>> clauses = new LinkedHashMap<>();
    servicesOfGroups.forEach((remote, services) -> {
      int id = ids.getOrDefault(remote, 0);
      for (Match identity : identityClauses(remote, view)) {
        clause(clauses, identity, new Action.Conjunction(id, 1, 2));
      }
      for (Match service : services) {
        clause(clauses, base.and(service), new Action.Conjunction(id, 2, 2));
      }
      Match both = base.and(Field.of(Header.CONJ_ID).is(id));
      flows.add(reading.stage(), Ranks.CLAUSE, both, ALLOW);
    });
    clauses.forEach((match, actions) -> flows.add(reading.stage(), Ranks.CLAUSE, match, actions));
  }

  private static void clause(
      Map<Match, List<Action>> clauses, Match match, Action.Conjunction conjunction) {
    clauses.computeIfAbsent(match, k -> new ArrayList<>()).add(conjunction);
  }

  /// The identities that the remote group is in: whoever has one is a member.
  private List<Match> identityClauses(SecurityGroupId remote, View view) {
    Match base = reading.ofGroup(group.tag());
    return view.findBy(Identity.KIND, Identity.BY_GROUP, remote).stream()
        .map(identity -> identity.id().number())
        .sorted()
        .map(number -> base.and(reading.remote(number)))
        .toList();
  }
}
