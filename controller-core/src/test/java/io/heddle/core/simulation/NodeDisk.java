package io.heddle.core.simulation;

/// What outlives a node's process.
record NodeDisk(RaftDisk raft, DiskHistory history) {

  static NodeDisk blank(Truth truth) {
    return new NodeDisk(new RaftDisk(), new DiskHistory(truth));
  }

  void crash(Chance chance, boolean synced) {
    raft.crash(chance, synced);
    history.crash(chance);
  }
}
