package dev.millrace.adapters.http.body;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.millrace.adapters.http.answers.Refusal;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;

/** What is read of a gzip file, whole or damaged, and however it arrives. */
public final class GunzipTest {

    /** What came out, and whether it ended well. */
    private record Outcome(String hex, boolean whole) {}

    private static Outcome read(byte[] file, Random random) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        InputStream sent =
                new ByteArrayInputStream(file) {
                    @Override
                    public int read(byte[] bytes, int offset, int length) {
                        return super.read(bytes, offset, Math.min(length, 1 + random.nextInt(50)));
                    }
                };
        try (InputStream input = new Gunzip(sent)) {
            byte[] piece = new byte[1 + random.nextInt(1_000)];
            for (int count = input.read(piece); count >= 0; count = input.read(piece)) {
                assertThat(count).isPositive();
                read.write(piece, 0, count);
            }
            return new Outcome(HexFormat.of().formatHex(read.toByteArray()), true);
        } catch (Refusal refused) {
            assertThat(refused.problem().status()).isEqualTo(400);
            return new Outcome(HexFormat.of().formatHex(read.toByteArray()), false);
        }
    }

    /** A gzip file. */
    public static byte[] gzip(byte[] content) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        try (GZIPOutputStream output = new GZIPOutputStream(file)) {
            output.write(content);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        return file.toByteArray();
    }

    private static byte[] content(Random random, int length) {
        byte[] content = new byte[length];
        for (int i = 0; i < length; i++) {
            content[i] = (byte) ('a' + random.nextInt(1 + random.nextInt(20)));
        }
        return content;
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    @Test
    void members_follow_each_other_however_they_arrive() throws IOException {
        long seed = System.nanoTime();
        System.out.println("gunzip: 300 files of three members, seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            byte[] one = content(random, random.nextInt(3_000));
            byte[] two = content(random, random.nextInt(10));
            byte[] three = content(random, random.nextInt(3_000));

            assertThat(read(join(gzip(one), gzip(two), gzip(three)), random))
                    .as("seed %s, round %s", seed, round)
                    .isEqualTo(new Outcome(HexFormat.of().formatHex(join(one, two, three)), true));
        }
    }

    @Test
    void a_file_that_is_cut_off_anywhere_or_goes_on_with_something_else_is_refused()
            throws IOException {
        Random random = new Random(1);
        byte[] content = content(random, 2_000);
        byte[] file = gzip(content);
        for (int length = 0; length < file.length; length++) {
            Outcome once = read(Arrays.copyOf(file, length), random);
            assertThat(once.whole()).as("cut off at %s", length).isFalse();
            assertThat(read(Arrays.copyOf(file, length), random)).isEqualTo(once);
        }
        for (byte[] more :
                new byte[][] {{0}, {0x1F}, {0x1F, (byte) 0x8B}, "more".getBytes(US_ASCII)}) {
            assertThat(read(join(file, more), random))
                    .isEqualTo(new Outcome(HexFormat.of().formatHex(content), false));
        }
    }

    @Test
    void a_damaged_bit_never_passes_for_other_content() throws IOException {
        Random random = new Random(2);
        byte[] content = content(random, 500);
        byte[] file = gzip(content);
        for (int bit = 0; bit < 8 * file.length; bit++) {
            byte[] damaged = file.clone();
            damaged[bit / 8] ^= (byte) (1 << (bit % 8));

            Outcome once = read(damaged, random);
            // Some bits mean nothing: the time in the header, the padding after the last block.
            if (once.whole()) {
                assertThat(once.hex()).isEqualTo(HexFormat.of().formatHex(content));
            }
            assertThat(read(damaged, random)).as("bit %s", bit).isEqualTo(once);
        }
    }

    @Test
    void a_header_may_have_all_its_fields_and_its_check_holds() throws IOException {
        byte[] plain = gzip(new byte[] {'x'});
        byte[] fields = {0, 0, 0, 0, 0, 0, 3, 0, 'a', 'b', 'c', 'n', 0, 'c', 'c', 0};
        byte[] header = join(new byte[] {0x1F, (byte) 0x8B, 8, 2 | 4 | 8 | 16}, fields);
        CRC32 check = new CRC32();
        check.update(header);
        byte[] sum = {(byte) check.getValue(), (byte) (check.getValue() >> 8)};
        byte[] rest = Arrays.copyOfRange(plain, 10, plain.length);

        assertThat(read(join(header, sum, rest), new Random(3))).isEqualTo(new Outcome("78", true));
        sum[0]++;
        assertThat(read(join(header, sum, rest), new Random(3))).isEqualTo(new Outcome("", false));
    }

    @Test
    void nothing_is_no_gzip_file() {
        assertThatThrownBy(() -> new Gunzip(InputStream.nullInputStream()).read())
                .isInstanceOf(Refusal.class);
    }
}
