package io.heddle.core.replication;

/// Whom a node voted for last, itself included, and in which term. It votes once in a term.
record Vote(long term, String candidate) {

  static final Vote NONE = new Vote(0, "");

  static Vote parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("'%s' is no vote".formatted(text));
    }
    return new Vote(Long.parseLong(text.substring(0, colon)), text.substring(colon + 1));
  }

  @Override
  public String toString() {
    return term + ":" + candidate;
  }
}
