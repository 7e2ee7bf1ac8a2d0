package io.heddle.core.cluster;

import com.fasterxml.jackson.core.type.TypeReference;
import io.heddle.core.store.Command;

/// A class of commands that nodes hand to their leader.
///
/// @param name stands for the class in messages
/// @param result what such a command answers
public record CommandType<T>(
    String name, Class<? extends Command<T>> command, TypeReference<T> result) {}
