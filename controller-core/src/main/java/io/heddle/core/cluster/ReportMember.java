package io.heddle.core.cluster;

import io.heddle.core.model.Member;
import io.heddle.core.store.Command;
import io.heddle.core.store.Decision;
import io.heddle.core.store.Draft;
import java.util.Optional;

/// A node says where it is found, whenever it starts.
public record ReportMember(Member member) implements Command<Member> {

  @Override
  public Decision<Member> decide(Draft draft) {
    if (!draft.find(member.name()).equals(Optional.of(member))) {
      draft.put(member);
    }
    return draft.accept(member);
  }
}
