package io.heddle.firewall.rule;

import io.heddle.core.flow.Flow;
import io.heddle.core.flow.Match;
import io.heddle.core.model.Direction;
import io.heddle.core.model.Identity;
import io.heddle.core.model.SecurityGroup;
import io.heddle.core.model.SecurityRule;
import io.heddle.core.pipeline.Registers;
import io.heddle.core.pipeline.Stage;
import io.heddle.core.store.Rows;
import io.heddle.firewall.policy.Posture;
import io.heddle.firewall.rule.GroupFlows.GroupFlow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// Whose counters say how often the rules of a security group have admitted something.
///
/// Where a group's rules are looked up, that is their own flows, for both directions of the
/// connections that they admit. Where a direction needs no look, since some rules allow everything,
/// nothing is looked up: then the policies of the identities that are in the group count for those
/// rules, and its other rules admit nothing that these would not.
///
/// Packets that pass untracked between two identities that allow each other everything are counted
/// for no rule.
///
/// @param rules by flow: the rules that it counts for, more than one where they say the same
/// @param questions which flows to ask a switch for: these and few others
public record CountedFlows(Map<Flow.Key, List<UUID>> rules, List<Question> questions) {

  public CountedFlows {
    rules = Map.copyOf(rules);
    questions = List.copyOf(questions);
  }

  /// The flows of a table that say this, among other things.
  public record Question(Stage stage, Match match) {}

  public static CountedFlows of(SecurityGroup group, Rows rows) {
    Gathered gathered = new Gathered(group, rows, new HashMap<>(), new LinkedHashSet<>());
    for (Direction direction : Direction.values()) {
      switch (Posture.reach(group, direction)) {
        case NOTHING -> {}
        case SOME -> gathered.lookedUp(direction);
        case EVERYTHING -> gathered.passed(direction);
      }
    }
    return new CountedFlows(gathered.rules(), List.copyOf(gathered.questions()));
  }

  public List<UUID> rulesOf(Flow.Key flow) {
    return rules.getOrDefault(flow, List.of());
  }

  private record Gathered(
      SecurityGroup group, Rows rows, Map<Flow.Key, List<UUID>> rules, Set<Question> questions) {

    void lookedUp(Direction direction) {
      Stage stage = direction == Direction.EGRESS ? Stage.EGRESS_RULES : Stage.INGRESS_RULES;
      ask(stage, Registers.GROUP.is(Integer.toUnsignedLong(group.tag())));
      for (GroupFlow flow : GroupFlows.of(group, direction, rows)) {
        if (!flow.rules().isEmpty()) {
          rules.put(new Flow.Key(stage.table(), flow.priority(), flow.match()), flow.rules());
        }
      }
    }

    void passed(Direction direction) {
      List<UUID> all =
          group.rules(direction).stream()
              .filter(Posture::isOfEverything)
              .map(SecurityRule::id)
              .toList();
      Match vpc = Registers.VPC.is(rows.require(group.vpc()).tag());
      boolean out = direction == Direction.EGRESS;
      for (Stage stage :
          out
              ? List.of(Stage.GROUP_OUT, Stage.TRACK_IN)
              : List.of(Stage.GROUP_IN, Stage.GROUP_OUT)) {
        ask(stage, vpc);
      }
      for (Identity identity : rows.findBy(Identity.KIND, Identity.BY_GROUP, group.id())) {
        long number = identity.id().number();
        Match sends = vpc.and(Registers.SOURCE_IDENTITY.is(number));
        Match receives = vpc.and(Registers.TARGET_IDENTITY.is(number));
        List<Flow.Key> keys = out ? opened(sends, receives) : taken(sends, receives);
        keys.forEach(key -> rules.put(key, all));
      }
    }

    /// What ports of an identity that may open everything send, and the answers to it.
    private static List<Flow.Key> opened(Match sends, Match receives) {
      List<Flow.Key> keys = new ArrayList<>();
      keys.add(new Flow.Key(Stage.GROUP_OUT.table(), Ranks.ORIGINAL, sends));
      for (Match icmp : Tracking.ICMP) {
        keys.add(
            new Flow.Key(
                Stage.GROUP_OUT.table(),
                Ranks.JUDGED_THERE,
                Match.allOf(sends, icmp, Tracking.INVALID)));
      }
      keys.add(
          new Flow.Key(
              Stage.TRACK_IN.table(), Ranks.CONNECTION, receives.and(Registers.REPLY.is(1))));
      return keys;
    }

    /// What is let in to ports of an identity that takes everything, and what they answer.
    private static List<Flow.Key> taken(Match sends, Match receives) {
      return List.of(
          new Flow.Key(Stage.GROUP_IN.table(), Ranks.ORIGINAL, receives),
          new Flow.Key(Stage.GROUP_OUT.table(), Ranks.CONNECTION, sends.and(Tracking.REPLY)));
    }

    private void ask(Stage stage, Match match) {
      questions.add(new Question(stage, match));
    }
  }
}
