package io.heddle.rest.auth;

/// What a caller may do; each role may do all that the ones before it may.
public enum Role {
  /// Reads its project.
  READER,
  /// Changes its project.
  MEMBER,
  /// Sees every project, and runs the hosts.
  OPERATOR,
  /// Everything, projects and quotas included.
  ADMIN;

  boolean includes(Role other) {
    return compareTo(other) >= 0;
  }
}
