package io.heddle.core.model;

record MacAddress(long value) {}
