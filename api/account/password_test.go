package account

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAPasswordHasTwelveCharactersOfAnyScript(t *testing.T) {
	for password, code := range map[string]string{
		"七只猫在屋顶看月亮呢真": RefusedShort, "七只猫在屋顶看月亮呢真好": "", "𠮷䶮㛃在屋顶看月亮呢真": RefusedShort, "𠮷䶮㛃在屋顶看月亮呢真好": "",
		"correct-umbrella-vortex-9": "", "k7#Vq2!pZr9": RefusedShort, "k7#Vq2!pZr9w": "", strings.Repeat("k7#Vq2!pZr9w", 11): RefusedLong,
	} {
		if err := checkPassword(tidy(password), "someone"); (code == "") != (err == nil) || code != "" && !refused(err, code) {
			t.Errorf("%s: %v, not %s", password, err, code)
		}
	}
	if full, half := tidy("ＡＢＣ１２３"), "ABC123"; full != half {
		t.Errorf("full width is another password: %s", full)
	}
}

func TestWhatEverybodyTriesFirstIsNoPassword(t *testing.T) {
	for _, password := range []string{
		"password1234", "Password2024!", "P@ssw0rd1234", "qwertyuiop123", "1qaz2wsx3edc", "123456789012", "111111111111", "abcdefghijkl",
		"woaini1314520", "woaini19900101", "5201314woaini", "888888888888", "666888666888", "19880808zhang", "zhangwei19900101", "wang13812345678",
		"wuhanshegong2012", "iloveyou1314", "administrator1", "admin@123456", "aaaabbbbcccc", "zxcvbnm12345", "qazwsxedc123", "147258369147",
		"liming19851203", "420106198501011234", "13871046295li", "casestream2026", "shegong123456", "asdfghjkl;12", "lilyzhao-lilyzhao",
		"abcabcabcabcabc", "x1x1x1x1x1x1", "2012-05-18 2012-05-18", "LilyZhao1990",
	} {
		if err := checkPassword(tidy(password), "lilyzhao"); !refused(err, RefusedCommon) {
			t.Errorf("%s is taken: worth %d, %v", password, worth(tidy(password), "lilyzhao"), err)
		}
	}
}

// What is made by chance is taken, but for one in a thousand.
func TestAPasswordMadeByChanceIsTaken(t *testing.T) {
	chance := rand.New(rand.NewPCG(1, 2))
	bad := 0
	for range 5000 {
		var b strings.Builder
		for range 14 {
			b.WriteByte("abcdefghijkmnpqrstuvwxyz23456789"[chance.IntN(32)])
		}
		if checkPassword(b.String(), "lilyzhao") != nil {
			bad++
		}
	}
	if bad > 5 {
		t.Errorf("%d of 5000 are refused", bad)
	}
}

func TestAHashIsOfItsPasswordAlone(t *testing.T) {
	h := newHashing(Effort{Time: 1, Memory: 8, Threads: 1})
	rapid.Check(t, func(t *rapid.T) {
		one, other := rapid.String().Draw(t, "one"), rapid.String().Draw(t, "other")
		hash, err := h.hash(t.Context(), one)
		if err != nil {
			t.Fatal(err)
		}
		if right, err := h.verify(t.Context(), one, hash); !right || err != nil {
			t.Fatal("it is not known again", err)
		}
		if right, err := h.verify(t.Context(), other, hash); right != (one == other) || err != nil {
			t.Fatal("another one is taken for it", err)
		}
		if same, _ := h.hash(t.Context(), one); same == hash {
			t.Fatal("two hashes of one password are the same")
		}
	})
	for _, kept := range []string{"", "$argon2id$v=19$m=8,t=1,p=1$$", "$argon2id$v=19$m=8,t=0,p=1$AAAA$AAAA", "plain"} {
		if right, err := h.verify(t.Context(), "", kept); right || err != nil {
			t.Errorf("against %q: %v %v", kept, right, err)
		}
	}
}

func TestAHashCosts64MiBAndFourAtOnceAtMost(t *testing.T) {
	h := newHashing(Careful)
	hash, err := h.hash(t.Context(), passphrase)
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=65536,t=3,p=4$") {
		t.Fatalf("%s, %v", hash, err)
	}
	for range seats {
		h.seats <- struct{}{}
	}
	waited := make(chan error)
	go func() {
		_, err := h.verify(t.Context(), passphrase, hash)
		waited <- err
	}()
	select {
	case err := <-waited:
		t.Fatalf("a fifth is looked at beside four: %v", err)
	default:
	}
	<-h.seats
	if err := <-waited; err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(h.runs.Load()) != "2" {
		t.Errorf("%d runs", h.runs.Load())
	}
}
