@org.jspecify.annotations.NullMarked
package dev.behalf.client.test;
