package io.heddle.rest.auth;

import io.heddle.core.model.ProjectId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Somebody whose token was accepted.
///
/// @param subject who, for the history
/// @param project the only project that a reader or member may see; null for operators and admins,
///   who may act for any
public record Caller(String subject, Role role, @Nullable ProjectId project) {

  /// Where those who may act for any project act unless they say otherwise.
  public static final ProjectId DEFAULT_PROJECT = new ProjectId("default");

  public Caller {
    if (project == null && !role.includes(Role.OPERATOR)) {
      throw new IllegalArgumentException("a " + role + " belongs to a project: " + subject);
    }
  }

  public boolean may(Role needed) {
    return role.includes(needed);
  }

  /// Whether what belongs to a project exists for this caller.
  public boolean sees(ProjectId owner) {
    return role.includes(Role.OPERATOR) || owner.equals(project);
  }

  /// The one project that the caller is confined to, or none.
  public Optional<ProjectId> confinedTo() {
    return role.includes(Role.OPERATOR) ? Optional.empty() : Optional.ofNullable(project);
  }

  /// The project to act for where the request names none.
  public ProjectId home() {
    return project == null ? DEFAULT_PROJECT : project;
  }
}
