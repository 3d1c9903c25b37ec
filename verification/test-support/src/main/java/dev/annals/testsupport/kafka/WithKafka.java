package dev.annals.testsupport.kafka;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives the constructor and the methods of a test class a {@link KafkaCluster}.
 *
 * <p>One broker serves all test classes of the JVM; it starts with the first and stops after the last. Tests that run
 * one after the other or side by side stay apart by names: take topics, groups and application ids from
 * {@link KafkaCluster#uniqueName}.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(KafkaExtension.class)
public @interface WithKafka {

    /**
     * Whether {@link KafkaCluster#registryUrl} is a real Apicurio Registry, also shared by all test classes of the JVM.
     * If not, it is a {@code mock://} scope of the test class, which lives in this JVM only.
     */
    boolean registry() default false;

    /**
     * How many brokers the cluster has: 1, or 3 for what copies are about. Each number is one cluster for all test
     * classes of the JVM that ask for it. The brokers' defaults are those of a single one: one copy.
     */
    int brokers() default 1;
}
