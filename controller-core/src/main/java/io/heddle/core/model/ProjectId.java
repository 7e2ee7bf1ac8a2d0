package io.heddle.core.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/// Names a project (a tenant). A name rather than a UUID, because it comes from the operator's
/// identity system.
public record ProjectId(@JsonValue String value) implements Key<Project>, Comparable<ProjectId> {

  private static final Pattern TEXT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  @JsonCreator
  public ProjectId {
    if (!TEXT.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "'%s' is not a project id; use 1 to 63 letters, digits, '.', '_' and '-', beginning with a letter or digit"
              .formatted(value));
    }
  }

  @Override
  public Kind<Project> kind() {
    return Project.KIND;
  }

  @Override
  public int compareTo(ProjectId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
