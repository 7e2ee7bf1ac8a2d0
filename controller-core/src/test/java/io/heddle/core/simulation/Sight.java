package io.heddle.core.simulation;

/// What has to happen in some runs: a simulation that never comes to it shows nothing.
enum Sight {
  ELECTED,
  SNAPSHOT_INSTALLED,
  KILLED,
  FROZEN,
  CONTACT_LOST,
  CLAIM_STALE,
  MASTER_DEMOTED,
  SLAVE_REFUSED,
  ANSWERED,
  READ_IN_THE_LOG,
  REFUSED,
  NOTHING_HAPPENED,
  UNKNOWN
}
