package dev.millrace.e2e;

import dev.millrace.adapters.http.Contract;
import dev.millrace.adapters.http.Exchange;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the gate answered to a program that has kept it ({@code --answers}). */
final class KeptAnswers {

    private KeptAnswers() {}

    /** Holds each answer against the contract of the gate, and tells how many they were. */
    static int judge(Path file) throws IOException {
        int count = 0;
        try (InputStream input = new BufferedInputStream(Files.newInputStream(file))) {
            for (String line = line(input); !line.isEmpty(); line = line(input)) {
                String[] request = line.split(" ", 4);
                byte[] answer = input.readNBytes(Integer.parseInt(request[3]));
                Contract.ofTheGate()
                        .judge(
                                Exchange.ofText(
                                        request[0],
                                        request[1],
                                        request[2],
                                        new String(answer, StandardCharsets.UTF_8)));
                count++;
            }
        }
        return count;
    }

    private static String line(InputStream input) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = input.read(); octet >= 0 && octet != '\n'; octet = input.read()) {
            line.append((char) octet);
        }
        return line.toString();
    }
}
